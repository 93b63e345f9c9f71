"""A whole small book, built and broken as its maintainer would: nothing good is ever lost."""

import fcntl

BROKEN = "\n```{code-cell} ipython3\nx = 1 / 0\n```\n"


def page(book, name):
    return book.read(f"_build/html/chapters/{name}.html")


def test_a_site_follows_its_code_and_survives_a_failure(new_book):
    book = new_book
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" ran ") == 2
    assert "first value" in page(book, "one")
    assert (book.root / "_build/notebooks/01-one.ipynb").is_file()
    assert (book.root / "_build/html/notebooks/01-one.ipynb").is_file()

    # a changed constant runs its chapter alone, and changes its page
    book.write("code/mini/first.py", "VALUE = 'another value'\n")
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    assert (done.stdout.count(" ran "), done.stdout.count(" cached ")) == (1, 1)
    assert "another value" in page(book, "one")

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


def test_a_warning_fails_the_build_each_time_and_leaves_the_site(book):
    assert book.build("site").returncode == 0
    good = page(book, "one")
    # the first is told when a page is written, the second only when it is read
    book.append("chapters/one.md", "\nSee {ref}`nowhere` and {nonsense}`this`.\n")
    for _ in range(2):
        done = book.build("site")
        assert done.returncode == 1
        assert "nowhere" in done.stderr
        assert "nonsense" in done.stderr
        assert page(book, "one") == good


def test_a_rule_of_the_text_is_kept_before_anything_runs(new_book):
    new_book.append("chapters/one.md", "\nIt reaches 93 percent.\n")
    done = new_book.build("site")
    assert done.returncode == 1
    assert "the number 93 is typed by hand" in done.stderr
    assert " ran " not in done.stdout


def test_an_exercise_that_breaks_its_word_fails_the_build_each_time(book):
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
    for _ in range(2):
        done = book.build("execute")
        assert done.returncode == 1
        assert "chapters/one.md" in done.stderr
        assert "the solution of one.sum, fails: because" in done.stderr


def test_one_chapter_is_a_page_by_itself(book):
    book.append("chapters/one.md", "\nSee {ref}`another-chapter`.\n")
    done = book.build("chapter", "one")
    assert done.returncode == 0, done.stderr
    path = done.stdout.splitlines()[-1]
    assert "first value" in book.read(path.removeprefix(f"{book.root}/"))
    assert "one.md" in done.stdout
    assert "two.md" not in done.stdout


def test_an_unknown_chapter_is_answered_with_the_known_ones(book):
    done = book.build("chapter", "three")
    assert done.returncode == 1
    assert "there is no chapter 'three'; there are index, one, two" in done.stderr


def test_a_second_build_in_the_same_folder_is_refused(book):
    with open(book.root / "_build" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = book.build("site")
    assert done.returncode == 1
    assert "another build is running" in done.stderr


def test_nothing_is_built_twice_and_what_changed_is(book):
    book.write("chapters/one.md", book.read("chapters/one.md").replace("# One", "(ch-one)=\n# One"))
    book.append("chapters/two.md", "\nIt follows {ref}`ch-one`.\n")

    def again():
        done = book.build("site")
        assert done.returncode == 0, done.stderr
        return "nothing has changed since the last build" not in done.stdout

    assert again()
    assert not again()
    # other pages show a page's title, where they refer to it and in the navigation
    book.write("chapters/one.md", book.read("chapters/one.md").replace("# One", "# Another"))
    assert again()
    assert page(book, "two").count("Another") > 1
    assert "Another" in book.read("_build/notebooks/02-two.ipynb")
    # a chapter that left the book leaves the site, also when its file stays
    book.write("_toc.yml", book.read("_toc.yml").replace("      - file: chapters/one\n", ""))
    book.write("chapters/two.md", book.read("chapters/two.md").replace("{ref}`ch-one`", "nothing"))
    assert again()
    assert not (book.root / "_build/html/chapters/one.html").exists()
    assert not (book.root / "_build/html/notebooks/01-one.ipynb").exists()


def test_a_label_may_move_to_a_page_that_is_read_before_its_own(book):
    book.append("chapters/two.md", "\n(moving)=\n## Here\n\nSee {ref}`moving`.\n")
    assert book.build("site").returncode == 0
    book.write("chapters/two.md", book.read("chapters/two.md").replace("(moving)=\n", ""))
    book.append("chapters/one.md", "\n(moving)=\n## Here now\n")
    done = book.build("site")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'href="one.html#moving"' in page(book, "two")
