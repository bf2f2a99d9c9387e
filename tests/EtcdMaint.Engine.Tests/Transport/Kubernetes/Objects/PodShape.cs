using System.Globalization;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using Theirs = k8s.Models;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes.Objects;

/// <summary>All values of a pod that the module reads, as one text.</summary>
internal static class PodShape
{
    public static string Of(Theirs.V1Pod pod) =>
        All(
            Object(
                pod.Metadata,
                m =>
                    All(
                        m.Name,
                        m.NamespaceProperty,
                        m.Uid,
                        Time(m.DeletionTimestamp),
                        Map(m.Labels),
                        Map(m.Annotations)
                    )
            ),
            Object(
                pod.Spec,
                s =>
                    All(
                        s.NodeName,
                        List(s.Containers, Container),
                        List(s.InitContainers, Container),
                        List(
                            s.Volumes,
                            v =>
                                All(
                                    v.Name,
                                    v.HostPath is not null,
                                    v.HostPath?.Path,
                                    v.PersistentVolumeClaim is not null,
                                    v.EmptyDir is not null
                                )
                        )
                    )
            ),
            Object(
                pod.Status,
                s =>
                    All(
                        s.Phase,
                        s.PodIP,
                        s.HostIP,
                        List(
                            s.ContainerStatuses,
                            c =>
                                All(
                                    c.Name,
                                    c.Ready,
                                    c.Started,
                                    c.RestartCount,
                                    c.ContainerID,
                                    Object(c.State?.Running, r => Time(r.StartedAt)),
                                    Object(c.State?.Waiting, w => All(w.Reason, w.Message)),
                                    Object(c.State?.Terminated, t => All(t.ExitCode, t.Reason, Time(t.StartedAt)))
                                )
                        )
                    )
            )
        );

    public static string Of(V1Pod pod) =>
        All(
            Object(
                pod.Metadata,
                m => All(m.Name, m.Namespace, m.Uid, Time(m.DeletionTimestamp), Map(m.Labels), Map(m.Annotations))
            ),
            Object(
                pod.Spec,
                s =>
                    All(
                        s.NodeName,
                        List(s.Containers, Container),
                        List(s.InitContainers, Container),
                        List(
                            s.Volumes,
                            v => All(v!.Name, v.IsHostPath, v.HostPath, v.IsPersistentVolumeClaim, v.IsEmptyDir)
                        )
                    )
            ),
            Object(
                pod.Status,
                s =>
                    All(
                        s.Phase,
                        s.PodIP,
                        s.HostIP,
                        List(
                            s.ContainerStatuses,
                            c =>
                                All(
                                    c!.Name,
                                    c.Ready,
                                    c.Started,
                                    c.RestartCount,
                                    c.ContainerID,
                                    Object(c.State?.Running, r => Time(r.StartedAt)),
                                    Object(c.State?.Waiting, w => All(w.Reason, w.Message)),
                                    Object(c.State?.Terminated, t => All(t.ExitCode, t.Reason, Time(t.StartedAt)))
                                )
                        )
                    )
            )
        );

    private static string Container(Theirs.V1Container container) =>
        All(
            container.Name,
            container.Image,
            List(container.Command, c => c),
            List(container.Args, a => a),
            List(container.Env, e => All(e.Name, e.Value, e.ValueFrom is not null, e.ValueFrom?.FieldRef?.FieldPath)),
            container.EnvFrom is { Count: > 0 },
            List(container.Ports, p => All(p.Name, p.ContainerPort)),
            List(container.VolumeMounts, m => All(m.Name, m.MountPath)),
            Probe(container.LivenessProbe),
            Probe(container.StartupProbe),
            Probe(container.ReadinessProbe)
        );

    private static string Container(V1Container? container) =>
        All(
            container!.Name,
            container.Image,
            List(container.Command, c => c),
            List(container.Args, a => a),
            List(container.Env, e => All(e!.Name, e.Value, e.HasSource, e.FieldPath)),
            container.HasEnvFrom,
            List(container.Ports, p => All(p!.Name, p.ContainerPort)),
            List(container.VolumeMounts, m => All(m!.Name, m.MountPath)),
            Probe(container.LivenessProbe),
            Probe(container.StartupProbe),
            Probe(container.ReadinessProbe)
        );

    private static string Probe(Theirs.V1Probe? probe) =>
        Object(
            probe,
            p =>
                All(
                    Object(p.HttpGet, h => All(h.Host, h.Path, h.Port?.Value, h.Scheme)),
                    Object(p.Exec, e => List(e.Command, c => c)),
                    p.PeriodSeconds,
                    p.TimeoutSeconds,
                    p.FailureThreshold
                )
        );

    private static string Probe(V1Probe? probe) =>
        Object(
            probe,
            p =>
                All(
                    Object(p.HttpGet, h => All(h.Host, h.Path, h.Port, h.Scheme)),
                    Object(p.Exec, e => List(e.Command, c => c)),
                    p.PeriodSeconds,
                    p.TimeoutSeconds,
                    p.FailureThreshold
                )
        );

    private static string All(params object?[] values) => $"({string.Join(',', values.Select(Value))})";

    private static string Value(object? value) =>
        value is null ? "null" : $"'{Convert.ToString(value, CultureInfo.InvariantCulture)}'";

    private static string Object<T>(T? value, Func<T, string?> read)
        where T : class => value is null ? "null" : read(value) ?? "null";

    private static string List<T>(IEnumerable<T>? items, Func<T, string?> read) =>
        items is null ? "null" : $"[{string.Join(',', items.Select(i => i is null ? "null" : read(i)))}]";

    private static string Map(IEnumerable<KeyValuePair<string, string?>>? map) =>
        map is null
            ? "null"
            : $"[{string.Join(',', map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => All(e.Key, e.Value)))}]";

    private static string? Time(DateTime? time) => time?.ToString("O", CultureInfo.InvariantCulture);
}
