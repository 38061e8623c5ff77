"""The part of the store that keeps reviews, in memory, with a script of what goes wrong.

`down`: every method raises StoreError. `stop_before`, `stop_after`: the method at which the machine stops.
"""

from tidegate.core.values.errors import StoreError


class Stopped(BaseException):
    """The machine has stopped."""


class HeldInMemory:
    def __init__(self):
        self.rows, self.owed, self.numbers = {}, {}, 0
        self.down, self.stop_before, self.stop_after = False, None, None

    async def hold_review(self, row, most, now_ns, owed=()):
        self._begin("hold_review")
        waiting = [one for one in self.rows.values() if one.is_open and one.until_ns > now_ns]
        for one in sorted(waiting):
            if (one.tenant, one.same) == (row.tenant, row.same):
                return one
        if len(waiting) >= most:
            return None
        self.rows[row.id] = row
        self._owe(owed)
        self._end("hold_review")
        return row

    async def review(self, review_id):
        self._begin("review")
        return self.rows.get(review_id)

    async def reviews(self, *, only_open=False):
        self._begin("reviews")
        return [row for _, row in sorted(self.rows.items()) if row.is_open or not only_open]

    async def change_review(self, row, owed=()):
        self._begin("change_review")
        if row.id not in self.rows or self.rows[row.id].turn != row.turn - 1:
            return False
        self.rows[row.id] = row
        self._owe(owed)
        self._end("change_review")
        return True

    async def forget_reviews(self, before_ns):
        gone = [name for name, row in self.rows.items() if not row.is_open and row.until_ns <= before_ns]
        for name in gone:
            del self.rows[name]
        return len(gone)

    async def debts(self):
        self._begin("debts")
        return list(self.owed.values())

    async def settle_debts(self, numbers):
        self._begin("settle_debts")
        for number in numbers:
            self.owed.pop(number, None)
        self._end("settle_debts")

    def _owe(self, owed):
        for one in owed:
            self.numbers += 1
            self.owed[self.numbers] = one._replace(number=self.numbers)

    def _begin(self, name):
        if self.down:
            raise StoreError("scripted")
        if self.stop_before == name:
            raise Stopped

    def _end(self, name):
        if self.stop_after == name:
            raise Stopped
