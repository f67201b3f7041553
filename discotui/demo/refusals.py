"""What Discogs says when it declines: status codes and messages, word for word where they are known."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """A request that is declined.

    Attributes:
        status: The HTTP status.
        body: The answer: ``message``, and ``detail`` for validation errors.
    """

    def __init__(self, status: int, message: str, detail: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = int(status)
        self.body: dict[str, Any] = {"message": message}
        if detail is not None:
            self.body["detail"] = detail


def no_token() -> ApiError:
    """A call that needs a token was made without one."""
    return ApiError(HTTPStatus.UNAUTHORIZED, "You must authenticate to access this resource.")


def bad_token() -> ApiError:
    """A token that is unknown or revoked, even where none would be needed."""
    return ApiError(
        HTTPStatus.UNAUTHORIZED,
        "Invalid consumer token. Please register an app before making requests.",
    )


def not_the_owner() -> ApiError:
    """Somebody else's, or private."""
    return ApiError(
        HTTPStatus.FORBIDDEN,
        "You are not allowed to view this resource. Please authenticate as the owner to view this content.",
    )


def unknown_path() -> ApiError:
    """No such address."""
    return ApiError(HTTPStatus.NOT_FOUND, "The requested resource was not found.")


def wrong_method() -> ApiError:
    """The address exists, for other methods."""
    return ApiError(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed.")


def unknown_user() -> ApiError:
    """No account of that name."""
    return ApiError(HTTPStatus.NOT_FOUND, "User does not exist or may have been deleted.")


def unknown_folder() -> ApiError:
    """No such folder in this collection."""
    return ApiError(HTTPStatus.NOT_FOUND, "The requested folder does not exist.")


def unknown_item() -> ApiError:
    """The item is gone, or not in the folder of the address."""
    return ApiError(
        HTTPStatus.NOT_FOUND,
        "The requested collection item does not exist in this user's collection.",
    )


def unknown_release() -> ApiError:
    """No such release in the database."""
    return ApiError(HTTPStatus.NOT_FOUND, "Release not found.")


def page_out_of_range(page: int, pages: int) -> ApiError:
    """Before the first page or past the last one."""
    return ApiError(HTTPStatus.NOT_FOUND, f"Page {page} is outside of valid range [1, {pages}].")


def invalid(loc: list[str | int], msg: str, kind: str = "value_error") -> ApiError:
    """A value that fails validation; ``loc`` says where it stood."""
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        'See "detail" for validation errors.',
        [{"loc": loc, "msg": msg, "type": kind}],
    )


def invalid_target(why: str = "folder does not exist.") -> ApiError:
    """An item cannot go into that folder."""
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, f"Invalid folder_id: {why}")


def fixed_folder(verb: str) -> ApiError:
    """Folders 0 and 1 stay as they are. The documentation gives the rule, not the words."""
    return ApiError(HTTPStatus.FORBIDDEN, f"The All and Uncategorized folders cannot be {verb}.")


def folder_not_empty() -> ApiError:
    """Only empty folders can go. The documentation gives the rule, neither status nor words."""
    return ApiError(HTTPStatus.FORBIDDEN, "The folder must be empty before it can be deleted.")


def not_json() -> ApiError:
    """The body cannot be read."""
    return ApiError(HTTPStatus.BAD_REQUEST, "The request body is not valid JSON.")


def body_too_large() -> ApiError:
    """The body is longer than any call needs."""
    return ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request body is too large.")


def too_fast() -> ApiError:
    """The window is full."""
    return ApiError(HTTPStatus.TOO_MANY_REQUESTS, "You are making requests too quickly.")
