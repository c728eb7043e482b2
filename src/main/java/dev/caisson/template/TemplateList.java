package dev.caisson.template;

import java.util.List;

/** All templates, by name. */
record TemplateList(List<TemplateAnswer> templates) {}
