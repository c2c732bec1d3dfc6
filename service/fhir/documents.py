"""The result as a document to print: a DocumentReference that holds the PDF."""

import base64
import hashlib

from service.fhir.codes import Names
from service.fhir.elements import Resource
from service.paper.handing import Taken


def report(names: Names, taken: Taken, pdf: bytes, subject: Resource, response: Resource, now: str) -> Resource:
    """No clinician has gone over it, so it is preliminary."""
    words = names.result("report")
    attachment = {
        "contentType": "application/pdf",
        "language": names.pack.label.language,
        "data": base64.b64encode(pdf).decode(),
        "size": len(pdf),
        "hash": base64.b64encode(hashlib.sha1(pdf, usedforsecurity=False).digest()).decode(),  # FHIR R4 has SHA-1 here
        "title": names.pack.label.name,
        "creation": taken.made.isoformat(timespec="seconds"),
    }
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "preliminary",
        "type": {"coding": names.codings("results", "report", words), "text": words},
        "subject": subject,
        "date": now,
        "description": names.pack.label.not_for[0],
        "content": [{"attachment": attachment}],
        "context": {"related": [response]},
    }
