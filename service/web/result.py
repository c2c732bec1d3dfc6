"""The result of an assessment, shown but not kept."""

from fastapi import APIRouter

router = APIRouter(prefix="/result", include_in_schema=False)
