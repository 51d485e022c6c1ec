"""Tables of the accounts: users with their passwords, and their roles in offices."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from prepazka.core.office.roles import ROLES
from prepazka.store.office_models import Office


class Users(BaseUserManager["User"]):
    """Finds users by the name they sign in with, in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Raises: User.DoesNotExist."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who signs in. A closed account stays, so that its name in the audit trail always means one person.

    is_superuser: the operator of the installation, who may do everything in every office. password_given: somebody
    else knows the password, so it has to be changed at the first sign-in.
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
    """The role of a user in an office; one user may work in several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", db_index=False)
    office = models.ForeignKey(Office, models.CASCADE, related_name="officials")
    role = models.CharField("role", max_length=20, choices=[(role, role) for role in ROLES])

    class Meta:
        """A user has one role in an office."""

        db_table = "official"
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="one_role_in_an_office")]
        verbose_name = "role"
        verbose_name_plural = "role"
