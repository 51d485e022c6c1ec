"""Models get the field's own names; their tables keep theirs, so nothing is done to a database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0013_forgetting")]

    operations = [
        migrations.RenameModel("Watch", "WaitlistEntry"),
        migrations.RenameModel("Pressed", "SubmittedForm"),
        migrations.RenameModel("Touch", "SubmittedTouch"),
    ]
