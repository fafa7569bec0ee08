package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import java.util.List;

/**
 * A replica on its devices.
 *
 * @param order by name
 * @param number of the replica, from 1
 * @param places the devices, at least one place; several where it takes several machines
 * @param deployment sized on these devices; it fits for sure
 */
public record PlacedReplica(String order, int number, List<Place> places, Deployment deployment) {
    /**
     * Devices of one machine that follow each other.
     *
     * @param kind of machine, from 0 in the order of the fleet
     * @param machine of that kind, from 0
     * @param first device, from 0 in the order of the machine
     * @param devices how many
     */
    public record Place(int kind, int machine, int first, int devices) {}

    /**
     * Copies the places.
     *
     * @param order as documented above
     * @param number as documented above
     * @param places as documented above
     * @param deployment as documented above
     */
    public PlacedReplica {
        places = List.copyOf(places);
    }

    /**
     * All devices.
     *
     * @return 1 or more
     */
    public int devices() {
        return places.stream().mapToInt(Place::devices).sum();
    }

    /**
     * The verdict with its figures.
     *
     * @return that it fits
     */
    public Verdict verdict() {
        return Sizing.size(deployment);
    }
}
