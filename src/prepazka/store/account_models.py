"""Tables of who works here: people with their passwords, and what each may do in which office."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from prepazka.core.office.roles import ROLES
from prepazka.store.office_models import Office


class Users(BaseUserManager["User"]):
    """Finds people by the name they sign in with, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Raises: User.DoesNotExist."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who signs in. A closed account stays, so that its name in the audit trail means one person for good.

    is_superuser: the operator of the installation, who may do everything in every office. password_given: somebody
    else knows the password, so the first thing to do with it is to change it.
    """

    username = models.CharField("přihlašovací jméno", max_length=40, unique=True)
    name = models.CharField("jméno a příjmení", max_length=100, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    password_given = models.BooleanField(default=False)
    USERNAME_FIELD = "username"
    objects = Users()

    class Meta:
        """Names for people."""

        db_table = "account"
        verbose_name = "účet"
        verbose_name_plural = "účty"


class Official(models.Model):
    """The role of a person in an office; one person may work in several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", db_index=False)
    office = models.ForeignKey(Office, models.CASCADE, related_name="officials")
    role = models.CharField("role", max_length=20, choices=[(role, role) for role in ROLES])

    class Meta:
        """One role a person in an office."""

        db_table = "official"
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="one_role_in_an_office")]
        verbose_name = "role"
        verbose_name_plural = "role"
