"""What a foreign page would have to know to make a form of ours."""

from gapura_auth.browser.form_tokens import browser_digest, form_token, is_form_token, new_browser


def test_a_form_is_good_in_its_browser_for_its_purpose():
    browser = new_browser()
    assert is_form_token(form_token(browser, "consent", "x"), browser, "consent", "x")


def test_a_form_is_good_for_nothing_else():
    browser, token = new_browser(), ""
    token = form_token(browser, "consent", "x")
    assert not is_form_token(token, new_browser(), "consent", "x")
    assert not is_form_token(token, browser, "consent")
    assert not is_form_token(token, browser, "consent", "y")
    assert not is_form_token(token, browser, "consentx", "")
    assert not is_form_token("", browser, "consent", "x")
    assert not is_form_token("é\ud800", browser, "consent", "x")


def test_without_a_name_of_ours_a_browser_has_no_forms():
    assert not is_form_token(form_token("", "consent"), "", "consent")
    assert not is_form_token(form_token("chosen by an attacker", "consent"), "chosen by an attacker", "consent")
    assert not is_form_token(form_token("x", "consent"), None, "consent")


def test_a_name_is_kept_as_a_digest_and_only_where_it_is_one_of_ours():
    assert len(browser_digest(new_browser())) == 32
    assert browser_digest(None) is None
    assert browser_digest("x") is None
