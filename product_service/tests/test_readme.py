from pathlib import Path

from gapura_products.settings import ProductSettings


def test_the_readme_names_every_setting():
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert [field.alias for field in ProductSettings.model_fields.values() if f"| `{field.alias}` |" not in text] == []
