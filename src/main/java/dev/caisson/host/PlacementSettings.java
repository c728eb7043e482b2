package dev.caisson.host;

/**
 * What the sandboxes of a service stand on.
 *
 * @param instance of the service, by which what it made is known
 * @param network what is set for theirs
 * @param parentCgroups whether limits are to be set on cgroups above theirs, where that can be
 */
public record PlacementSettings(
    String instance, HostProperties.Network network, boolean parentCgroups) {}
