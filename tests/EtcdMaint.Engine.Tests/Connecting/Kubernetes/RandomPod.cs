using System.Text.Json.Nodes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>Generates JSON that resembles a pod, with values that no real pod has.</summary>
internal sealed class RandomPod(Random random)
{
    private static readonly string[] Texts =
    [
        "",
        " ",
        "etcd",
        "/usr/local/bin/etcd",
        "etcdctl",
        "/bin/sh",
        "-c",
        "--",
        "-",
        "=",
        "--name=$(A)",
        "$(A)$(A)",
        "$(B)${A}$A",
        "$",
        "$(",
        "${A",
        "A",
        "B",
        "--listen-client-urls=https://0.0.0.0:2379,http://127.0.0.1:0",
        "--advertise-client-urls=http://[::1",
        "--listen-client-urls=http://xn--a.\u00ad:99999",
        "--listen-client-urls=https://[fe80::1%eth0]:1",
        "--listen-metrics-urls=http://\uff21\uff0e:2381",
        "--listen-client-urls=http://a..b:65536,unix:///x,://",
        "--client-urls=https://__name__:4001",
        "--data-dir=/",
        "--data-dir=$(B)",
        "--quota-backend-bytes=-9223372036854775808",
        "--quota-backend-bytes=1e9",
        "--config-file",
        "--cert-file=/a",
        "--key-file",
        "--target-dir=/opt/etcd-v3.5.99999999999",
        "--target-dir=/opt/etcd-v",
        "/rancher/rke2/",
        "exec etcd \\\n --name='a' \"--data-dir=/var\"; --key-file",
        "ETCD_LISTEN_CLIENT_URLS",
        "ETCD_CONFIG_FILE",
        "ETCDCTL_ENDPOINTS",
        "ETCDCTL_CERT",
        "ETCD_NAME",
        "https://\ud800:1",
        "\0",
        "\ufeff",
        "metadata.name",
        "status.podIP",
        "registry/etcd:1@sha256:0",
        "@",
        ":",
        "etcd:",
        "HTTP",
        "HTTPS",
        "/health?x",
        "/livez",
        "127.0.0.1",
        "localhost",
        "kubeadm.kubernetes.io/etcd.advertise-client-urls",
        "component",
        "app",
        "Running",
        "Failed",
        "99999",
        "-1",
        "65536",
    ];

    private static readonly string[] Times =
    [
        "2026-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-01-01T00:00:00.123456Z",
    ];

    private static readonly long[] Numbers = [0, 1, -1, 3, 2379, 65535, 65536, int.MaxValue, int.MinValue];

    public JsonObject Create() =>
        Object(
            (
                "metadata",
                () =>
                    Object(
                        ("name", Text),
                        ("namespace", Text),
                        ("uid", Text),
                        ("deletionTimestamp", Rarely(Time)),
                        ("labels", () => Map()),
                        ("annotations", () => Map())
                    )
            ),
            (
                "spec",
                () =>
                    Object(
                        ("nodeName", Text),
                        ("containers", () => List(Container)),
                        ("initContainers", Rarely(() => List(Container))),
                        ("volumes", () => List(Volume))
                    )
            ),
            (
                "status",
                () =>
                    Object(
                        ("phase", Text),
                        ("podIP", Text),
                        ("hostIP", Text),
                        ("containerStatuses", () => List(Status))
                    )
            )
        );

    private JsonNode? Container() =>
        Object(
            ("name", Text),
            ("image", Text),
            ("command", () => List(Text)),
            ("args", () => List(Text)),
            ("env", () => List(Variable)),
            ("envFrom", Rarely(() => List(() => Object(("prefix", Text))))),
            ("ports", () => List(() => Object(("name", Text), ("containerPort", Number)))),
            ("volumeMounts", () => List(() => Object(("name", Text), ("mountPath", Text)))),
            ("livenessProbe", Probe),
            ("startupProbe", Probe),
            ("readinessProbe", Probe)
        );

    private JsonNode? Variable() =>
        Object(
            ("name", Text),
            ("value", Text),
            (
                "valueFrom",
                Rarely(() =>
                    Object(
                        ("fieldRef", () => Object(("fieldPath", Text))),
                        ("secretKeyRef", () => Object(("key", Text)))
                    )
                )
            )
        );

    private JsonNode? Volume() =>
        Object(
            ("name", Text),
            ("hostPath", Rarely(() => Object(("path", Text)))),
            ("emptyDir", Rarely(() => Object())),
            ("persistentVolumeClaim", Rarely(() => Object(("claimName", Text))))
        );

    private JsonNode? Probe() =>
        Object(
            (
                "httpGet",
                Rarely(() =>
                    Object(
                        ("host", Text),
                        ("path", Text),
                        ("scheme", Text),
                        ("port", () => random.Next(2) == 0 ? Number() : Text())
                    )
                )
            ),
            ("exec", Rarely(() => Object(("command", () => List(Text))))),
            ("periodSeconds", Number),
            ("timeoutSeconds", Number),
            ("failureThreshold", Number)
        );

    private JsonNode? Status() =>
        Object(
            ("name", Text),
            ("ready", () => random.Next(2) == 0),
            ("started", () => random.Next(2) == 0),
            ("restartCount", Number),
            ("containerID", Text),
            (
                "state",
                () =>
                    Object(
                        ("running", Rarely(() => Object(("startedAt", Time)))),
                        ("waiting", Rarely(() => Object(("reason", Text), ("message", Text)))),
                        ("terminated", Rarely(() => Object(("exitCode", Number), ("reason", Text))))
                    )
            )
        );

    private JsonNode Map() =>
        Object([.. Enumerable.Range(0, random.Next(3)).Select(_ => (Pick(Texts), (Func<JsonNode?>)Text))]);

    private JsonNode? Text() =>
        random.Next(30) == 0 ? null
        : random.Next(10) == 0 ? Pick(Texts) + Pick(Texts)
        : Pick(Texts);

    private JsonNode? Time() => random.Next(30) == 0 ? Text() : Pick(Times);

    private JsonNode? Number() => Numbers[random.Next(Numbers.Length)];

    private JsonNode List(Func<JsonNode?> item) =>
        new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(40) == 0 ? null : item())]);

    private JsonObject Object(params (string Name, Func<JsonNode?> Value)[] properties)
    {
        var made = new JsonObject();
        foreach ((string name, Func<JsonNode?> value) in properties)
            if (random.Next(15) > 0)
                made[name] = random.Next(60) == 0 ? null : value();
        return made;
    }

    private Func<JsonNode?> Rarely(Func<JsonNode?> value) => () => random.Next(3) == 0 ? value() : null;

    private T Pick<T>(T[] all) => all[random.Next(all.Length)];
}
