from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='seconds',
            field=models.FloatField(null=True),
        ),
    ]
