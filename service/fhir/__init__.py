"""Our values as FHIR R4 resources, and back; the profiles of SDC 4.0 where they fit. Nothing here decides anything."""
