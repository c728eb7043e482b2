package dev.caisson.host;

/**
 * The settings of the ground that the sandboxes of a service stand on.
 *
 * @param instance of the service, by which what it made is known
 * @param network the settings of the sandboxes' networks
 * @param parentCgroups whether limits are to be set on cgroups above the sandboxes' own, where that
 *     can be
 */
public record PlacementSettings(
    String instance, HostProperties.Network network, boolean parentCgroups) {}
