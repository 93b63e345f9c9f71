"""A whole small book, built and broken as its maintainer would: nothing good is ever lost."""

import fcntl

BROKEN = "\n```{code-cell} ipython3\nx = 1 / 0\n```\n"


def page(book, name):
    return book.read(f"_build/html/chapters/{name}.html")


def test_a_site_follows_its_code_and_survives_a_failure(book):
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" ran ") == 2
    assert "first value" in page(book, "one")
    assert (book.root / "_build/notebooks/one.ipynb").is_file()

    # a changed constant runs its chapter alone, and changes its page
    book.write("code/mini/first.py", "VALUE = 'another value'\n")
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    assert (done.stdout.count(" ran "), done.stdout.count(" cached ")) == (1, 1)
    assert "another value" in page(book, "one")

    # the search knows what the pages say now, and forgets what they no longer say
    book.write("chapters/index.md", "# Small\n\nA zebra.\n")
    assert book.build("site").returncode == 0
    assert '"zebra"' in book.read("_build/html/searchindex.js")
    book.write("chapters/index.md", "# Small\n\nA small book.\n")
    assert book.build("site").returncode == 0
    assert '"zebra"' not in book.read("_build/html/searchindex.js")

    # a failing cell fails the build by name, and the last good site stays
    good = page(book, "two")
    book.append("chapters/two.md", BROKEN)
    done = book.build("site")
    assert done.returncode == 1
    assert "chapters/two.md" in done.stderr
    assert "cell 2 failed" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert page(book, "two") == good

    # also a second time, when all the rest is cached
    assert book.build("site").returncode == 1


def test_a_warning_fails_the_build_and_leaves_the_site(book):
    assert book.build("site").returncode == 0
    good = page(book, "one")
    book.append("chapters/one.md", "\nSee {ref}`nowhere` and {eq}`nothing`.\n")
    done = book.build("site")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert page(book, "one") == good


def test_a_rule_of_the_text_is_kept_before_anything_runs(book):
    book.append("chapters/one.md", "\nIt reaches 93 percent.\n")
    done = book.build("site")
    assert done.returncode == 1
    assert "the number 93 is typed by hand" in done.stderr
    assert not (book.root / "_build/html").exists()


def test_an_exercise_that_breaks_its_word_fails_the_build(book):
    book.write(
        "code/mini/verdict.py",
        "class Verdict:\n"
        "    def __init__(self, passed): self.passed = passed\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        data = {'name': 'one.sum', 'passed': self.passed, 'message': 'because'}\n"
        "        return {'text/plain': 'x', 'application/vnd.weighted-sums.verdict+json': data}\n",
    )
    for kind, label, tag in (("exercise", "", "starter"), ("solution", " ex-sum", "solution")):
        book.append(
            "chapters/one.md",
            f"\n```{{{kind}-start}}{label}\n:label: {kind[:2]}-sum\n```\n"
            f"\n```{{code-cell}} ipython3\n:tags: [{tag}]\n"
            "from mini.verdict import Verdict\nVerdict(False)\n```\n"
            f"\n```{{{kind}-end}}\n```\n",
        )
    line = book.read("chapters/one.md").split(":tags: [solution]")[0].count("\n")
    done = book.build("site")
    assert done.returncode == 1
    problem = f"chapters/one.md:{line}: cell 3, the solution of one.sum, fails: because"
    assert problem in done.stderr


def test_one_chapter_is_a_page_by_itself(book):
    book.append("chapters/one.md", "\nSee {ref}`another-chapter`.\n")
    done = book.build("chapter", "one")
    assert done.returncode == 0, done.stderr
    path = done.stdout.splitlines()[-1]
    assert "first value" in book.read(path.removeprefix(f"{book.root}/"))
    assert " ran " in done.stdout
    assert "two.md" not in done.stdout


def test_an_unknown_chapter_is_answered_with_the_known_ones(book):
    done = book.build("chapter", "three")
    assert done.returncode == 1
    assert "there is no chapter 'three'; there are index, one, two" in done.stderr


def test_a_second_build_in_the_same_folder_is_refused(book):
    (book.root / "_build").mkdir()
    with open(book.root / "_build" / "lock", "w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        done = book.build("site")
    assert done.returncode == 1
    assert "another build is running" in done.stderr
