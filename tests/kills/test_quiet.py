"""The end of the loop has to bear what a person bears."""

from sandbox.client import SandboxError

import quiet


class Gone:
    def click(self, *_, **__):
        raise SandboxError("no button like Approve")


def test_a_card_that_loses_its_buttons_between_look_and_click_ends_nothing():
    quiet.press(Gone(), ("#deploys", "1760000000.000100"))
