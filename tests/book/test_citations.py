"""Equations cited by shown code are numbers with links, on paper numbers, and nothing raw."""

CHAPTER = '''---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Three

$$ a = b $$ (same)

```{code-cell} ipython3
def same(b):
    """Implement {eq}`same`, and {eq}`other`, and no {eq}`such`."""
    return b
```
'''


def test_labels_in_code_become_linked_numbers(book):
    book.write("chapters/two.md", CHAPTER)
    book.write("chapters/one.md", CHAPTER.replace("same", "other").replace("`such`", "`same`"))
    done = book.build("site")
    assert done.returncode == 0, done.stdout + done.stderr
    page = book.read("_build/html/chapters/two.html")
    assert 'Implement <a class="reference internal" href="#equation-same">(2.1)</a>' in page
    assert 'href="one.html#equation-other">(1.1)</a>, and no {eq}`such`' in page
