package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.workload.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README shows code that compiles and output that comes out. {@code -Dgolden.update=true} writes what comes out into
 * it.
 */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path SOURCE = Path.of("src/test/java/io/llmsizing/cli/ReadmeTest.java");
    private static final Pattern EXAMPLE =
            Pattern.compile(" // example begins\n(.*?)\n *// example ends", Pattern.DOTALL);
    private static final Pattern CONSOLE =
            Pattern.compile("```console\n\\$ java -jar target/\\S+-cli\\.jar ([^\n]*)\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleIsThisCodeAndPrintsThat() throws Exception {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        // example begins
        Catalog catalog = Catalog.bundled();
        Model model = catalog.model("deepseek-ai/DeepSeek-R1");
        Cluster cluster = Cluster.parse("8xH200", catalog);
        Deployment deployment = Deployment.builder(model, cluster)
                .kvCache(CacheFormats.FP8_E4M3)
                .workload(Workload.of(32, 32_768))
                .build();
        out.println(Sizing.fits(model, cluster));
        out.println(Sizing.size(deployment).summary());
        out.println(Sizing.explain(deployment).find("weights").orElseThrow().size());
        out.println(Sizing.compile(deployment).maxContext(32) + " tokens for each of 32 sequences");
        // example ends
        out.flush();
        Matcher example = EXAMPLE.matcher(Files.readString(SOURCE));
        assertThat(example.find()).isTrue();
        assertThat(Files.readString(README))
                .contains("```java\n" + example.group(1).stripIndent() + "\n```")
                .contains("```text\n" + text + "```");
    }

    @Test
    void everyCommandPrintsWhatIsShown() throws Exception {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(README, CONSOLE.matcher(Files.readString(README)).replaceAll(shown -> {
                int output = shown.start(2) - shown.start();
                String command = shown.group().substring(0, output);
                return Matcher.quoteReplacement(command + printed(shown.group(1)) + "```");
            }));
        }
        Matcher command = CONSOLE.matcher(Files.readString(README));
        List<String> seen = new ArrayList<>();
        while (command.find()) {
            assertThat(printed(command.group(1))).as(command.group(1)).isEqualTo(command.group(2));
            seen.add(command.group(1));
        }
        assertThat(seen).hasSizeGreaterThanOrEqualTo(4).contains("accuracy");
    }

    private static String printed(String arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        Main.run(writer, writer, arguments.split(" "));
        writer.flush();
        return out.toString();
    }
}
