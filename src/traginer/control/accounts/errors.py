"""What can be wrong with an account, a way in, or a token."""

from traginer.control.errors import ControlError
from traginer.i18n import N_


class EmailInvalid(ControlError):
    code = "user-email-invalid"
    what = N_("This is not an e-mail address that an account can have.")
    next_step = N_("Give the whole address, such as ada@example.org.")


class RoleUnknown(ControlError):
    code = "user-role-unknown"
    what = N_('There is no role "{role}".')
    next_step = N_("Choose one of these: {roles}.")


class LanguageUnknown(ControlError):
    code = "user-language-unknown"
    what = N_('There is no language "{language}" here.')
    next_step = N_("Choose one of these: {languages}; or none, and it follows the browser.")


class AlreadySetUp(ControlError):
    code = "already-set-up"
    what = N_("This installation has been set up: there is an account already.")
    next_step = N_(
        "Log in, or ask an administrator for an account. Whoever owns the machine can run traginer user add."
    )


class UserExists(ControlError):
    code = "user-exists"
    what = N_("{email} has an account already.")
    next_step = N_("Change its role with traginer user role, or activate it with traginer user activate.")


class UserUnknown(ControlError):
    code = "user-unknown"
    what = N_("Nobody here has the e-mail {email}.{guess}")
    next_step = N_("See who has an account with traginer user list.")


class UserInactive(ControlError):
    code = "user-inactive"
    what = N_("The account of {email} is not active.")
    next_step = N_("Ask an administrator to activate it (traginer user activate).")


class LastAdministrator(ControlError):
    code = "last-administrator"
    what = N_("{email} is the last active administrator. Nobody could change anything any more.")
    next_step = N_("Make somebody else an administrator first.")


class PasswordTooWeak(ControlError):
    code = "password-too-weak"
    what = N_("This password is too easy to guess: {why}.")
    next_step = N_("Choose one of 12 characters or more, such as four words that do not belong together.")


class EntryRefused(ControlError):
    code = "entry-refused"
    what = N_("The e-mail or the password is not right.")
    next_step = N_("Try again. An administrator can set a new password.")


class EntryThrottled(ControlError):
    code = "entry-throttled"
    what = N_("There were too many wrong passwords or codes from here.")
    next_step = N_("Wait {minutes} min, then try again.")


class SecondFactorNeeded(ControlError):
    code = "second-factor-needed"
    what = N_("The password is right. This account also asks for a code.")
    next_step = N_("Enter the code of the authenticator app, or a recovery code.")


class SecondFactorWrong(ControlError):
    code = "second-factor-wrong"
    what = N_("The code is not right, or it was used already.")
    next_step = N_("Enter the code that the app shows now, or a recovery code that was not used yet.")


class SecondFactorUnreadable(ControlError):
    code = "second-factor-unreadable"
    what = N_("The second factor of this account cannot be decrypted with the key of this installation.")
    next_step = N_(
        "Restore the file key of TRAGINER_HOME (or TRAGINER_KEY), or take the factor off with traginer user reset-factor."
    )


class SecondFactorMissing(ControlError):
    code = "second-factor-missing"
    what = N_("Accounts with the role of {email} must have a second factor here, and this one has none.")
    next_step = N_("Set up an authenticator app: nothing else can be done before.")


class SecondFactorExists(ControlError):
    code = "second-factor-exists"
    what = N_("This account has a second factor already.")
    next_step = N_("Take it off first: that takes one of its codes.")


class PersonNeeded(ControlError):
    code = "person-needed"
    what = N_("{actor} is not an account, and this needs one.")
    next_step = N_("Log in; or name an account on the command line: traginer --as EMAIL.")


class PasswordNotSet(ControlError):
    code = "password-not-set"
    what = N_("The account of {email} has no password: its owner comes in by single sign-on.")
    next_step = N_("Ask an administrator to set one (traginer user password).")


class SignOnFailed(ControlError):
    code = "sign-on-failed"
    what = N_("Single sign-on did not work: {why}.")
    next_step = N_("Try again. If it stays so, an administrator finds the reason in the log.")


class SignOnNotVerified(ControlError):
    code = "sign-on-not-verified"
    what = N_("The identity provider does not say that your e-mail address is verified.")
    next_step = N_(
        "Have it verified there. If nobody can choose their own address at that provider, the operator can set TRAGINER_OIDC_EMAILS=trusted."
    )


class SignOnWithoutRole(ControlError):
    code = "sign-on-without-role"
    what = N_("{email} is in no group that has a role here.")
    next_step = N_("Ask {whom} to put you into one of these groups: {groups}.")


class SignOnMisconfigured(ControlError):
    code = "sign-on-misconfigured"
    what = N_("Single sign-on is not set up right: {why}.")
    next_step = N_("Correct the variables TRAGINER_OIDC_… and start again.")


class TokenMistyped(ControlError):
    code = "token-mistyped"
    what = N_("This is not a token of Traginer: its checksum does not fit. A character is wrong or missing.")
    next_step = N_("Copy the whole token, from trg_ to its last character.")


class TokenUnknown(ControlError):
    code = "token-unknown"
    what = N_("This token is not known here.")
    next_step = N_("Use a token of this installation, or create one (traginer token create).")


class TokenExpired(ControlError):
    code = "token-expired"
    what = N_('The token "{name}" expired on {day}.')
    next_step = N_("Create a new one (traginer token create).")


class TokenRevoked(ControlError):
    code = "token-revoked"
    what = N_('The token "{name}" was revoked on {day}.')
    next_step = N_("Create a new one (traginer token create).")


class TokenNotFound(ControlError):
    code = "token-not-found"
    what = N_("There is no token {number} that you may see.")
    next_step = N_("See the tokens with traginer token list.")


class ScopeUnknown(ControlError):
    code = "token-scope-unknown"
    what = N_("A token has one or more of these scopes: {scopes}.")
    next_step = N_("Name those that the program needs, and no more.")


class TokenLifeInvalid(ControlError):
    code = "token-life-invalid"
    what = N_("A token lives for 1 to {most} days.")
    next_step = N_("Choose fewer days, and create a new token in time.")
