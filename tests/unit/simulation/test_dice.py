from tocsin.simulation.dice import dice


def test_the_same_words_and_seed_give_the_same_numbers() -> None:
    assert dice(7, "radar", "west").random(5).tolist() == dice(7, "radar", "west").random(5).tolist()


def test_other_words_another_order_or_another_seed_give_other_numbers() -> None:
    streams = [dice(7, "a", "b"), dice(7, "b", "a"), dice(7, "ab"), dice(7, "a", "b", ""), dice(8, "a", "b")]
    firsts = [stream.random() for stream in streams]
    assert len(set(firsts)) == len(firsts)
