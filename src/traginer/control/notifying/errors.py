"""What can be wrong with where notices go, and with getting one there."""

from traginer.control.errors import ControlError
from traginer.i18n import N_


class NoticeTargetUnknown(ControlError):
    code = "notice-target-unknown"
    what = N_("There is no target of notices with the number {number}.")
    next_step = N_("See them with traginer notice list.")


class NoticeAddressInvalid(ControlError):
    code = "notice-address-invalid"
    what = N_("This address does not work for notices ({kind}): {why}.")
    next_step = N_("Correct the address. Nothing was changed.")


class NoticeEventUnknown(ControlError):
    code = "notice-event-unknown"
    what = N_('There is no kind of notice named "{event}".')
    next_step = N_("Choose among: {known}.")


class NoticeAddressMissing(ControlError):
    code = "notice-address-missing"
    what = N_('The notice "{name}" has no address yet.')
    next_step = N_(
        "Name its address. A dump leaves those of webhooks and services out, which are as good as a password."
    )


class NoticeSecretMissing(ControlError):
    code = "notice-secret-missing"
    what = N_('The notice "{name}" goes to a webhook, and has no secret yet to sign its requests with.')
    next_step = N_(
        "Name a secret, best as a ${{VARIABLE}} of the environment, or add the webhook with traginer notice add, which makes one."
    )


class NoticeServiceMissing(ControlError):
    code = "notice-service-missing"
    what = N_("Notices to chat and telephone services need the package apprise, which is not installed.")
    next_step = N_("Install traginer[notify], or use an e-mail address or a webhook.")


class MailNotSetUp(ControlError):
    code = "mail-not-set-up"
    what = N_("Notices cannot go by e-mail: {why}.")
    next_step = N_(
        "Set TRAGINER_SMTP_URL, such as smtp://user:password@mail.example.org:587?from=traginer@example.org."
    )


class NoticeSecretLost(ControlError):
    code = "notice-secret-lost"
    what = N_("The address of the target {number} cannot be decrypted with the key of this installation.")
    next_step = N_("Restore the file key of TRAGINER_HOME (or TRAGINER_KEY), or remove the target and add it again.")


class NoticeNotDelivered(ControlError):
    code = "notice-not-delivered"
    what = N_("The notice to {target} did not arrive: {why}.")
    next_step = N_("See that the address is right and can be reached from this machine.")
