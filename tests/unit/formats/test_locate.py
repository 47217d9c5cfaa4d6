"""Columns are found in headers and by path, and one that is not there is told with the nearest names."""

from tocsin.formats.columns import Mapping
from tocsin.formats.locate import Locate


def test_csv_columns_by_name() -> None:
    locate = Locate(Mapping(azimuth="a"), ("time", "Track_Azimuth", "note", "note"))
    assert locate("time", "time")(["1", "2", "3", "4"]) == "1"
    assert locate("azimuth", "Track_Azimuth")(["1", "2", "3"]) == "2"
    assert locate.absent == []
    locate("range", "Track_Azimut")
    locate("score", "zzz")
    assert locate.absent == [
        'range: no column "Track_Azimut"; nearest: Track_Azimuth',
        'score: no column "zzz"; there are: time, Track_Azimuth, note',
    ]


def test_a_mapped_column_that_stands_twice_in_a_header_is_not_guessed() -> None:
    locate = Locate(Mapping(azimuth="a"), ("a", "b", "a", "b", "a", "c"))
    locate("azimuth", "a")
    locate("score", "c")
    assert locate.absent == ['azimuth: 3 columns "a"; name each column once']


def test_json_columns_by_path() -> None:
    locate = Locate(Mapping(format="json", azimuth="a"), ())
    record = {"p": {"lat": 1.0, "xy": [5, 6]}, "a.b": 2, "n": None}
    assert locate("s", "p.lat")(record) == 1.0
    assert locate("s", "p.xy.1")(record) == 6
    assert locate("s", "a.b")(record) == 2
    assert locate("s", "7.0")({"7": ["x"]}) == "x"
    assert [locate("s", path)(record) for path in ("n", "q", "p.lat.x", "p.xy.7", "p.xy.k")] == [None] * 5
    assert locate("s", "name.0")({"name": "text"}) is None


def test_columns_of_a_list_and_of_the_object_around_it() -> None:
    locate = Locate(Mapping(format="json", explode="m.list", azimuth="a"), ())
    record = ({"t": 1}, [4, {"x": 2}])
    assert locate("time", "t")(record) == 1
    assert locate("azimuth", "m.list.1.x")(record) == 2
    assert locate("azimuth", "m.list.0")(record) == 4


def test_json_columns_that_no_record_has() -> None:
    locate = Locate(Mapping(format="json", explode="list", azimuth="a"), ())
    for setting, column in (("time", "t"), ("azimuth", "list.az"), ("score", "list.scor")):
        locate(setting, column)
    locate.note(({"t": None}, None))
    assert locate.unseen() == {}  # an empty list says nothing
    locate.note(({"t": None}, {"az": 1, "score": {"mean": 2}}))
    assert locate.unseen() == {"score": 'score: no column "list.scor"; nearest: list.score.mean, list.az'}
    locate.note(({}, {"scor": 3}))
    assert locate.unseen() == {}
