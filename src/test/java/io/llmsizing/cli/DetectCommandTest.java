package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in a process of its own, on whose path a script stands for nvidia-smi. */
@DisabledOnOs(OS.WINDOWS)
class DetectCommandTest {
    @TempDir
    private Path folder;

    private record Ran(int code, String out, String err) {}

    private Ran detect(String path, String... options) throws IOException, InterruptedException {
        return fed("", path, options);
    }

    private Ran fed(String input, String path, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.llmsizing.cli.Main",
                "detect"));
        command.addAll(List.of(options));
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        process.environment().put("PATH", path);
        Process started = process.start();
        try (Writer pipe = started.outputWriter(StandardCharsets.UTF_8)) {
            pipe.write(input);
        }
        int code = started.waitFor();
        return new Ran(code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Ran withScript(String script, String... options) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path program = Files.writeString(bin.resolve("nvidia-smi"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return detect(bin + File.pathSeparator + System.getenv("PATH"), options);
    }

    @Test
    void theDevicesOfThisMachineAreOneNode() throws Exception {
        String script = """
                test "$2" = --format=csv || exit 7
                cat <<'END'
                index, name, memory.total [MiB], memory.free [MiB], mig.mode.current
                0, NVIDIA H200, 143771 MiB, 143140 MiB, Disabled
                1, NVIDIA H200, 143771 MiB, 143140 MiB, Disabled
                END""";
        Ran ran = withScript(script);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("2x NVIDIA H200").containsOnlyOnce("\n");
        assertThat(withScript(script, "--json").out())
                .contains("\"accelerator\" : \"nvidia-h200-sxm5-141gb\"", "\"count\" : 2");
    }

    @Test
    void itsFailureIsToldInOneLine() throws Exception {
        Ran ran = withScript("echo 'NVIDIA-SMI has failed because it could not reach the driver.'; exit 9");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .isEqualTo("sizing: nvidia-smi failed: NVIDIA-SMI has failed because it could not reach the driver.\n");
    }

    @Test
    void whatItPrintsInNoKnownFormIsRefused() throws Exception {
        Ran ran = withScript("echo hello");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("sizing: nvidia-smi: ").containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdin"})
    void whatIsPipedIsRead(String file) throws Exception {
        Ran ran = fed("accelerator,count\nL40S,2\n", System.getenv("PATH"), file);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).isEqualTo("2x NVIDIA L40S\n");
    }

    @Test
    void hostMemoryThatTextDoesNotHoldIsSaid() throws Exception {
        Ran ran = fed("accelerator,host_memory\nL40S,512 GiB\n", System.getenv("PATH"), "-");
        assertThat(ran.out()).isEqualTo("1x NVIDIA L40S\n");
        assertThat(ran.err())
                .contains("does not hold the memory of the machines' processors; give the file to --inventory");
    }

    @Test
    void whereItIsNotThereTheWayOutIsSaid() throws Exception {
        Ran ran = detect(Files.createDirectories(folder.resolve("empty")).toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .isEqualTo(
                        "sizing: nvidia-smi can't be run here; write the cluster, or give a FILE with what another tool"
                                + " printed\n");
    }
}
