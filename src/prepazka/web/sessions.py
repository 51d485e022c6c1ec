"""Sessions that end while a request is being answered: in another tab, on another node, or by the operator."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, but a session that is gone by the end of a request is no error of who sent it."""

    # docs/spec/counters.md §5: "A sign-in that ends while a press is carried out takes nothing of it back"
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the session. Where it is gone, a page is asked for anew, and what a form did stands."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            safe = request.method in {"GET", "HEAD"}
            answer = HttpResponseRedirect(request.get_full_path(), status=HTTPStatus.FOUND) if safe else response
            answer.delete_cookie(
                settings.SESSION_COOKIE_NAME,
                path=settings.SESSION_COOKIE_PATH,
                domain=settings.SESSION_COOKIE_DOMAIN,
                samesite=settings.SESSION_COOKIE_SAMESITE,  # type: ignore[arg-type]  # a str in the stubs
            )
            return answer
