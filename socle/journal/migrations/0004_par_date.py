from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("journal", "0003_sans_versions")]

    operations = [
        migrations.AddIndex(model_name="ligne", index=models.Index("le", name="journal_par_date")),
    ]
