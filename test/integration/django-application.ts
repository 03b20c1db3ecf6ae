import { pythonMissing, type WebApplication } from "./web-deployment.ts";

/* A Django application under gunicorn; settings are added at the end. */

/** Why it cannot run here; in CI an error, as a test nobody runs is none. */
export function djangoMissing(): string | undefined {
  return pythonMissing("django, gunicorn", "python3-django, gunicorn");
}

export function djangoApplication(settings = ""): WebApplication {
  return {
    files: {
      "shop/__init__.py": "",
      "shop/settings.py": `${SETTINGS}${settings}`,
      "shop/urls.py": URLS,
      "shop/wsgi.py": WSGI,
      "templates/home.html": PAGE,
      "requirements.txt": "django\ngunicorn\n",
    },
    arguments: ["shop.wsgi:application"],
  };
}

const SETTINGS = `import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG", "0").lower() in {"1", "true", "yes", "on"}
ALLOWED_HOSTS = [h for h in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",") if h]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shop.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
    }
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 3600
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
USE_TZ = True
`;

const URLS = `from django.shortcuts import render
from django.urls import path


def home(request):
    request.session["seen"] = True
    return render(request, "home.html")


urlpatterns = [path("", home)]
`;

const WSGI = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
`;

const PAGE = `<!doctype html>
<title>shop</title>
<form method="post" action="/">{% csrf_token %}<button>buy</button></form>
`;
