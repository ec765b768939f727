from gapura.token_cache import TokenCache


def test_what_was_put_in_is_found_until_it_is_forgotten():
    cache = TokenCache[int](2)
    cache.put("a", 1)
    assert cache.get("a") == 1
    cache.forget("a")
    cache.forget("a")
    assert cache.get("a") is None


def test_the_oldest_goes_when_it_is_full():
    cache = TokenCache[int](3)
    for number in range(10):
        cache.put(str(number), number)
    assert len(cache) == 3
    assert cache.get("6") is None
    assert cache.get("9") == 9
