"""The assessment, page by page: safety first, then one topic at a time, then the answers to check."""

from fastapi import APIRouter

router = APIRouter(prefix="/take", include_in_schema=False)
