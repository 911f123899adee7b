"""The national address service, asked by batches: what it cannot answer is said, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from territoires.errors import UnexpectedFormat
from territoires.geocoding.service import Failure, Manners, Question, Reply
from territoires.sources.fetching import NoAnswer, Poster, Refused
from territoires.sources.fetching.posting import Part
from territoires.sources.geoplateforme.answers import (
    ADDRESS,
    CODE,
    read_answers,
    write_questions,
)
from territoires.sources.geoplateforme.cache import AnswerCache

SEARCH = "/search/csv"
_ROW_OVERHEAD = 40  # bytes of a row besides its address: number, code, quotation marks


class NationalService:
    """Answers questions about addresses; an :data:`AddressService`.

    Parameters
    ----------
    poster : Poster
        Sends the batches.
    manners : Manners
        How large, how often, and when to leave the service alone.
    cache : AnswerCache or None
        Answers already had.
    progress : callable, optional
        Receives the share of the questions that is done.
    """

    def __init__(
        self,
        poster: Poster,
        manners: Manners,
        cache: AnswerCache | None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self._poster = poster
        self._manners = manners
        self._cache = cache
        self._progress = progress or (lambda _share: None)
        self._refusals = 0
        self._breakdowns = 0
        self._closed = ""

    def __call__(self, questions: Sequence[Question]) -> list[Reply]:
        """Answer each question, in order; a failure is an answer."""
        replies = self._cache.known(questions) if self._cache else {}
        left = [question for question in dict.fromkeys(questions) if question not in replies]
        for batch in self._batches(left):
            got = self._settle(batch)
            if self._cache:
                self._cache.keep(got)
            replies.update(got)
            self._progress(len(replies) / len(set(questions)))
        return [replies[question] for question in questions]

    def _batches(self, questions: Sequence[Question]) -> Iterator[list[Question]]:
        """Cut into batches that are not too large; a batch is within communes, or anywhere."""
        for within in (True, False):
            batch: list[Question] = []
            size = 0
            for question in questions:
                if bool(question.code) is not within:
                    continue
                weight = len(question.text.encode()) + _ROW_OVERHEAD
                full = len(batch) == self._manners.lignes_par_lot
                if batch and (full or size + weight > self._manners.octets_par_lot):
                    yield batch
                    batch, size = [], 0
                batch.append(question)
                size += weight
            if batch:
                yield batch

    def _settle(self, batch: list[Question]) -> dict[Question, Reply]:
        """Have an answer for each question of a batch, or why there is none."""
        if self._closed:
            return dict.fromkeys(batch, Failure(self._closed))
        try:
            got = self._ask(batch)
        except Refused as error:
            return self._split(batch, str(error))
        except NoAnswer as error:
            return self._broken(batch, str(error))
        except UnexpectedFormat as error:
            return self._broken(batch, str(error))
        lost = [question for question in batch if question not in got]
        if len(lost) == len(batch):
            return self._broken(batch, "réponse coupée, ou sans les lignes demandées")
        self._breakdowns = 0
        # What was cut off is asked again: each time less is lost, or it is given up.
        return {**got, **self._settle(lost)} if lost else got

    def _ask(self, batch: list[Question]) -> dict[Question, Reply]:
        numbered = [(str(number), question) for number, question in enumerate(batch)]
        file: Part = ("data", ("adresses.csv", write_questions(numbered), "text/csv"))
        form = [file, _field("columns", ADDRESS)]
        if batch[0].code:
            form.append(_field("citycode", CODE))
        asked = dict(numbered)
        answers = read_answers(self._poster.post(form), asked)
        return {asked[number]: reply for number, reply in answers.items()}

    def _split(self, batch: list[Question], reason: str) -> dict[Question, Reply]:
        """Look for what the service does not want: the rest must not be lost with it."""
        self._refusals += 1
        if self._refusals > self._manners.refus_max:
            self._closed = f"trop de refus ({reason})"
        if len(batch) == 1 or self._closed:
            return dict.fromkeys(batch, Failure(reason))
        middle = len(batch) // 2
        return {**self._settle(batch[:middle]), **self._settle(batch[middle:])}

    def _broken(self, batch: list[Question], reason: str) -> dict[Question, Reply]:
        self._breakdowns += 1
        if self._breakdowns >= self._manners.pannes_max:
            self._closed = reason
        return dict.fromkeys(batch, Failure(reason))


def _field(name: str, value: str) -> Part:
    return (name, (None, value.encode(), "text/plain"))
