"""Addresses of the board, below the office's."""

from django.urls import path

from prepazka.web.board import views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("screen/", views.screen, name="screen"),
]
