using System.Text.Json;
using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using Theirs = k8s.Models;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes.Objects;

/// <summary>What is read from the objects of Kubernetes, compared with the official client for .NET.</summary>
public sealed class KubernetesJsonTests(ITestOutputHelper output)
{
    private const int Rounds = 4000;

    [Fact]
    public void A_pod_has_the_same_values_as_in_KubernetesClient()
    {
        var pods = new RandomPod(new Random(23));
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string json = pods.Create().ToJsonString();
            string? wanted = Try(() => PodShape.Of(k8s.KubernetesJson.Deserialize<Theirs.V1Pod>(json)));
            string? found = Try(() => PodShape.Of(ObjectText.Read(json, V1Pod.Read)));
            Assert.True(wanted == found, $"Round {round}\n{json}\nwanted {wanted}\nfound  {found}");
            read += wanted is null ? 0 : 1;
        }
        output.WriteLine($"{read} of {Rounds} can be read.");
        Assert.InRange(read, Rounds / 4, Rounds);
    }

    [Theory]
    [InlineData("""{"kind":"Status","status":"Failure","message":"m","code":403}""")]
    [InlineData("""{"metadata":{},"status":"Success"}""")]
    [InlineData(
        """{"status":"Failure","message":"exit 3","details":{"causes":[{"reason":"ExitCode","message":"3"},{"field":"x"}]}}"""
    )]
    [InlineData("""{"status":"Failure","details":null}""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"message":"twice","message":"last"}""")]
    [InlineData("""{"status":"Success"} x""")]
    public void A_status_has_the_same_values_as_in_KubernetesClient(string json)
    {
        string? wanted = Try(() =>
            k8s.KubernetesJson.Deserialize<Theirs.V1Status>(json) is { } status
                ? Line(
                    status.Kind,
                    status.Status,
                    status.Message,
                    Line([.. (status.Details?.Causes ?? []).Select(c => Line(c.Reason, c.Message))])
                )
                : "null"
        );
        string? found = Try(() =>
            ObjectText.Read(json, V1Status.Read) is { } status
                ? Line(
                    status.Kind,
                    status.Status,
                    status.Message,
                    Line([.. (status.Causes ?? []).Select(c => Line(c!.Reason, c.Message))])
                )
                : "null"
        );
        Assert.Equal(wanted, found);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("""{"message":5}""")]
    public void JSON_that_is_not_a_status_is_refused(string json) =>
        Assert.Throws<JsonException>(() => ObjectText.Read(json, V1Status.Read));

    [Fact]
    public void A_byte_order_mark_is_ignored() =>
        Assert.Equal("x", KubernetesJson.Parse([0xEF, 0xBB, 0xBF, .. "{\"message\":\"x\"}"u8], V1Status.Read)!.Message);

    private static string Line(params string?[] values) => string.Join('|', values.Select(v => v ?? "null"));

    /// <summary>Returns null for a text that is refused.</summary>
    private static string? Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }
}
