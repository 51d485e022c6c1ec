"""Tables of the accounts: users with their passwords, and their roles in offices."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
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
    else knows the password, so it has to be changed at the first sign-in, before given_until. home: the office the
    account was opened for, whose administrators may reset it; None for one of the installation.
    """

    username = models.CharField("přihlašovací jméno", max_length=40, unique=True)
    name = models.CharField("jméno a příjmení", max_length=100, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    password_given = models.BooleanField(default=False)
    given_until = models.DateTimeField(null=True)
    home = models.ForeignKey(Office, models.SET_NULL, null=True, related_name="+", db_index=False)
    USERNAME_FIELD = "username"
    objects = Users()

    class Meta:
        """Names for people."""

        db_table = "account"
        verbose_name = "účet"
        verbose_name_plural = "účty"


class SignInLink(models.Model):
    """A link that ties an account to its owner's identity at the organisation's provider. It works once.

    `token_sha256` is of the secret in the link; an account has one link at a time.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    valid_until = models.DateTimeField()

    class Meta:
        """Found by its token."""

        db_table = "sign_in_link"


class FirstOperatorLink(models.Model):
    """The link by which the first operator of an installation is made. It works once, and there is one at a time.

    `token_sha256` is of the secret in the link.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token_sha256 = models.CharField(max_length=64, editable=False)
    valid_until = models.DateTimeField()

    class Meta:
        """One row, found by its id."""

        db_table = "first_operator_link"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_first_operator_link")]


class Official(models.Model):
    """The role of a user in an office; one user may work in several.

    held: the role counts for nothing until an administrator of the office restores it, because an administrator of
    another one may have entered the account.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", db_index=False)
    office = models.ForeignKey(Office, models.CASCADE, related_name="officials")
    role = models.CharField("role", max_length=20, choices=[(role, role) for role in ROLES])
    held = models.BooleanField(db_default=False)

    class Meta:
        """A user has one role in an office."""

        db_table = "official"
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="one_role_in_an_office")]
        verbose_name = "role"
        verbose_name_plural = "role"


class Invitation(models.Model):
    """A role in an office offered by a link that works once; `token_sha256` is of the secret in it.

    Nothing here tells whose account it is for: whoever opens the link decides with which account.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    role = models.CharField("role", max_length=20, choices=[(role, role) for role in ROLES])
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    valid_until = models.DateTimeField(db_index=True)

    class Meta:
        """Names for people."""

        db_table = "invitation"
        verbose_name = "pozvánka"
        verbose_name_plural = "pozvánky"
