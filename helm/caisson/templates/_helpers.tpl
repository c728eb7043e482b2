{{- define "caisson.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "caisson.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "caisson.labels" -}}
{{ include "caisson.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The Secret with the admin key; empty where the service makes the key itself. */}}
{{- define "caisson.secret" -}}
{{- if .Values.adminKey.existingSecret -}}
{{- .Values.adminKey.existingSecret -}}
{{- else if .Values.adminKey.value -}}
{{- include "caisson.fullname" . -}}
{{- end -}}
{{- end -}}

{{/* The service's configuration as environment, in the names that Spring Boot binds to its properties. */}}
{{- define "caisson.env" -}}
- name: CAISSON_HOME
  value: {{ .Values.home | quote }}
- name: SERVER_ADDRESS
  value: 0.0.0.0
- name: LOG_LEVEL
  value: {{ .Values.logging.level }}
{{- with .Values.logging.format }}
- name: LOGGING_STRUCTURED_FORMAT_CONSOLE
  value: {{ . }}
{{- end }}
{{- if include "caisson.secret" . }}
- name: CAISSON_ACCESS_ADMINKEYFILE
  value: /etc/caisson/admin.key
{{- end }}
{{- range $name := list "image" "cpu" "memory" "pids" "ttl" "retention" "isolation" }}
{{- $value := get $.Values.sandbox $name }}
{{- if not (kindIs "invalid" $value) }}
- name: CAISSON_SANDBOX_{{ upper $name }}
  value: {{ eq $name "pids" | ternary (int64 $value) $value | toString | quote }}
{{- end }}
{{- end }}
{{- with .Values.sandbox.docker.registryMirrors }}
- name: CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.sandbox.docker.insecureRegistries }}
- name: CAISSON_SANDBOX_DOCKER_INSECUREREGISTRIES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
