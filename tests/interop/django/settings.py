"""A Django project that is nothing but django-scim2-server on a database of its own."""

import os

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim2_server"]
MIDDLEWARE = []
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SCIM_DATABASE"], "OPTIONS": {"timeout": 20}}}
USE_TZ = True
SCIM2_SERVER_AUTH_CHECK = "auth.is_allowed"
