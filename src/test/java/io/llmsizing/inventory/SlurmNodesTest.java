package io.llmsizing.inventory;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One line of a node, the machines it stands for, and all that is found about it. */
class SlurmNodesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            NodeName=gpu[15-18] Gres=gpu:l4:4 State=IDLE          | gpu15,gpu16,gpu17,gpu18 | 16 | -
            NodeName=gpu[08-10,12]-a,login Gres=gpu:l4:1 State=IDLE | gpu08-a,gpu09-a,gpu10-a,gpu12-a,login | 5 | -
            NodeName=gpu[15-] Gres=gpu:l4:4 State=IDLE            | - | 0 | NodeName 'gpu[15-]'; expected a name, or names together such as gpu[01-04,07]; left out
            NodeName=gpu[0-999999999] Gres=gpu:l4:4 State=IDLE    | - | 0 | NodeName 'gpu[0-999999999]' are more than 65,536 machines; left out
            NodeName=gpu[15-18] Gres=gpu:l4:4 State=MIXED AllocTRES=gres/gpu=2 | - | 0 | jobs hold GPUs of 4 machines together, which ones is not said; left out
            NodeName=n1 Gres=gpu:l4:4                             | - | 0 | no State is printed, so whether it takes jobs is not known; left out. Write scontrol show node
            NodeName=n1 Gres=gpu:l4:4 State=IDLE+DRAIN            | - | 0 | state IDLE+DRAIN; left out
            NodeName=n1 Gres=gpu:l4:4 State=COMPLETING            | n1 | 4 | -
            NodeName=n1 Gres=gpu:l4:4 State=MIXED+COMPLETING      | n1 | 4 | -
            NodeName=n1 Gres=gpu:l4:x State=IDLE                  | - | 0 | Gres 'gpu:l4:x'; expected gpu:TYPE:COUNT or gpu:COUNT, left out
            NodeName=n1 Gres=lustre:1 State=IDLE                  | - | 0 | no GPUs in Gres; left out
            NodeName=n1 Gres=gpu:4 State=IDLE AvailableFeatures=ib,l4     | n1 | 4 | Gres has no type; its feature 'l4' is taken for it
            NodeName=n1 Gres=gpu:4 State=IDLE AvailableFeatures=l4,l40s   | - | 0 | Gres does not say of what type its 4 GPUs are; left out
            NodeName=n1 Gres=gpu:4 State=IDLE AvailableFeatures=ib        | - | 0 | Gres does not say of what type its 4 GPUs are; left out
            """)
    void aLineStandsForMachinesOrIsFoundWanting(String line, String names, int devices, String found) {
        InventoryReading reading = Samples.text(line + "\n");
        assertThat(reading.inventory().nodes().stream().map(node -> node.name()).collect(joining(",")))
                .isEqualTo(names == null ? "" : names);
        assertThat(reading.inventory().devices()).isEqualTo(devices);
        assertThat(reading.findings())
                .extracting(InventoryFinding::problem)
                .isEqualTo(found == null ? List.of() : List.of(found));
    }

    @Test
    void asManyNamesAreReadAsAnInventoryHasMachines() {
        assertThat(HostList.names("n[00001-65536]")).hasSize(65_536).endsWith("n65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostList.names("n[00001-65536],m"))
                .withMessageContaining("more than 65,536");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n[", "n[]", "n[1-2", "n1]", "n[2-1]", "n[1,,2]", "n1,,n2", ",n1", "n[1]]", "n[a-b]"})
    void whatIsNoListOfNamesIsRefusedWithAnExample(String list) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostList.names(list))
                .withMessageContaining("gpu[01-04,07]");
    }

    @Test
    void commasAloneAreRefusedSoon() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostList.names("n[" + String.join(",", Collections.nCopies(2_000, "1")) + ",]x,"));
    }
}
