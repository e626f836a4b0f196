from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("alertes", "0005_vues_jusque_la")]

    operations = [migrations.RemoveField(model_name="alerte", name="connues")]
