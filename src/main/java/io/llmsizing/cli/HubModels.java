package io.llmsizing.cli;

import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.hub.HubClient;
import io.llmsizing.hub.HubId;
import io.llmsizing.hub.HubSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Timer;
import java.util.TimerTask;

/** Models of a Hub, for those that the catalogue lacks. */
final class HubModels {
    /** Milliseconds between looks at how long it takes. */
    private static final long LOOK_EVERY = 200;

    private HubModels() {}

    /** Whether a name can only be meant for a Hub: organisation and name, and no path of this machine. */
    static boolean mayHold(String name) {
        try {
            return HubId.parse(name).name().contains("/");
        } catch (IllegalArgumentException otherwiseWritten) {
            return false;
        }
    }

    /** Reads the headers of a model, as the environment says where and as whom. */
    static Checkpoint read(String id, PrintWriter err) throws IOException {
        HubSettings settings = HubSettings.fromEnvironment(System.getenv());
        HubProgressLine progress = new HubProgressLine(err);
        Timer clock = new Timer(true);
        clock.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        progress.look();
                    }
                },
                LOOK_EVERY,
                LOOK_EVERY);
        try {
            return Checkpoint.read(HubClient.of(settings, progress).open(id));
        } finally {
            clock.cancel();
        }
    }
}
