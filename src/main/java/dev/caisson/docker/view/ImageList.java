package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The images that the daemon of a sandbox has, newest first. */
@Schema(name = "ImageList")
record ImageList(List<ImageAnswer> items) {}
