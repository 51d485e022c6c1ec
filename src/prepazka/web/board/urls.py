"""Addresses of the board and of the screens, below the office's."""

from django.urls import path

from prepazka.web.when_asked import Pages

screens = Pages("prepazka.web.board.screens")
views = Pages("prepazka.web.board.views")

urlpatterns = [
    path("board/", views.board, name="board"),
    path("screen/", screens.screen, name="screen"),
    path("screen/alive", screens.alive, name="screen-alive"),
    path("screen/pair", screens.pair_code, name="screen-pair-code"),
    path("screen/pair/<slug:token>", screens.pair, name="screen-pair"),
    path("screen/slide/<int:slide>", screens.picture, name="slide"),
    path("screen/recording/<int:number>", screens.recording, name="recording"),
    path("screen/counter/<slug:key>/", screens.tablet, name="tablet"),
]
