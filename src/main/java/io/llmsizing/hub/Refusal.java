package io.llmsizing.hub;

import java.time.Duration;

/** What an answer that is none means, and what to do about it. The Hub says more in {@code X-Error-Code}. */
final class Refusal {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PROXY_LOGIN = 407;
    private static final int TOO_MANY = 429;

    private final HubSettings settings;
    private final HubRequest request;
    private final Answer answer;

    private Refusal(HubSettings settings, HubRequest request, Answer answer) {
        this.settings = settings;
        this.request = request;
        this.answer = answer;
    }

    /** The error that an answer with a status of 400 or more stands for. */
    static HubException of(HubSettings settings, HubRequest request, Answer answer) {
        Refusal refusal = new Refusal(settings, request, answer);
        return new HubException(request.id() + ": " + request.file() + ": " + refusal.meaning() + refusal.said());
    }

    /** The error after the last try, or when the server asks for a longer wait than is kept. */
    static HubException busy(HubSettings settings, HubRequest request, Answer answer, int tries, Duration wait) {
        String asks = wait.compareTo(Backoff.LONGEST) > 0
                ? " and asks to wait " + wait.toSeconds() + " s, longer than the " + Backoff.LONGEST.toSeconds()
                        + " s that are waited here"
                : ", " + tries + " times";
        Refusal refusal = new Refusal(settings, request, answer);
        return new HubException(request.id() + ": " + request.file() + ": " + refusal.host() + " answered "
                + answer.status() + asks
                + (answer.status() == TOO_MANY
                        ? "; too many requests: try later" + (settings.token().isEmpty() ? ", or set HF_TOKEN" : "")
                        : "; try later")
                + refusal.said());
    }

    private String meaning() {
        if (!answer.byHub()) {
            return host() + ", to which the Hub sent us, answered " + answer.status() + "; try again";
        }
        return switch (answer.header("X-Error-Code")) {
            case "GatedRepo" -> gated();
            case "RepoNotFound" -> noRepository();
            case "RevisionNotFound" ->
                "the model is there, but not the revision '" + request.id().revision()
                        + "' (404); leave it out to get main";
            case "EntryNotFound" ->
                "no such file at the revision '" + request.id().revision() + "' (404)";
            default -> byStatus();
        };
    }

    private String byStatus() {
        return switch (answer.status()) {
            case UNAUTHORIZED ->
                answer.header("X-Error-Message").startsWith("Invalid credentials")
                        ? "the Hub does not know the token (401); renew the one in " + source()
                        : noRepository();
            case FORBIDDEN ->
                settings.token().isEmpty()
                        ? "forbidden (403); set HF_TOKEN to a token that may read it"
                        : "forbidden (403); the token from " + source() + " may not read it";
            case PROXY_LOGIN ->
                "the proxy wants a user to log in (407), which is not supported; name another, or " + host()
                        + " in NO_PROXY";
            case NOT_FOUND -> "not found (404); check the id, or HF_ENDPOINT, which is " + settings.endpoint();
            default -> host() + " answered " + answer.status();
        };
    }

    private String gated() {
        return "gated (" + answer.status() + "); accept its conditions on " + settings.endpoint() + "/"
                + request.id().name()
                + (settings.token().isEmpty()
                        ? " and set HF_TOKEN to a token of the account that did"
                        : " with the account of the token from " + source()
                                + ", which must be allowed to read gated repositories");
    }

    private String noRepository() {
        return "no such model, or a private one (" + answer.status() + "); check the id"
                + (settings.token().isEmpty()
                        ? ", or set HF_TOKEN to a token that may read it"
                        : ": the token from " + source() + " does not open it");
    }

    private String source() {
        return settings.tokenSource().orElse("HF_TOKEN");
    }

    private String host() {
        return answer.from().getHost();
    }

    private String said() {
        String message = answer.shown(answer.header("X-Error-Message"));
        return message.isEmpty() ? "" : " [" + message + "]";
    }
}
