using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Formatting;

/// <summary>The table of Get-EtcdSpaceUsage.</summary>
public sealed class SpaceViewTests
{
    [Fact]
    public void At_80_columns_a_long_name_has_a_line_of_its_own()
    {
        Assert.Equal(
            [
                "   Cluster: prod",
                "Resource                         Namespace               Keys    Size Share",
                "--------                         ---------               ----    ---- -----",
                "pods                             default              250,000 ~430 MB █░░░  43%",
                "endpointslices.discovery.k8s.io openshift-monitoring",
                "                                                      250,000 ~120 MB ░░░░  12%",
                "nodes                                                 250,000 ~430 MB █░░░  43%",
                "/app/                                                      12  4.2 kB ░░░░   2%",
            ],
            Lines(
                80,
                Samples.Usage("pods", "default"),
                Samples.Usage("endpointslices.discovery.k8s.io", "openshift-monitoring", bytes: 120_000_000),
                Samples.Usage("nodes", null),
                Samples.UsageOf("/app/")
            )
        );
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void The_usual_names_fit_beside_the_writes(int width)
    {
        string[] lines = Lines(
            width,
            Samples.Usage("leases.coordination.k8s.io", "kube-node-lease", writes: 48.6),
            Samples.Usage("deployments.apps", "kube-system", writes: 0.02),
            Samples.Usage("pods", "default", writes: 0),
            Samples.Usage("events", "default", writes: 9.96)
        );
        Assert.Equal(7, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
        Assert.Matches("^Resource +Namespace +Keys +Size Share +Writes/s$", lines[1]);
        Assert.Matches(@"^leases.coordination.k8s.io +kube-node-lease +250,000 ~430 MB █░░░  43% +49$", lines[3]);
        Assert.EndsWith(" <0.1", lines[4], StringComparison.Ordinal);
        Assert.EndsWith(" 0", lines[5], StringComparison.Ordinal);
        Assert.EndsWith(" 10", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public void At_120_columns_the_longest_resource_of_Kubernetes_fits()
    {
        string[] lines = Lines(
            120,
            Samples.Usage("customresourcedefinitions.apiextensions.k8s.io", "openshift-kube-apiserver-operator")
        );
        Assert.Equal(4, lines.Length);
        Assert.Contains(" openshift-kube-apiserver-operator ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_Kubernetes_the_table_shows_prefixes()
    {
        string[] lines = Lines(80, Samples.UsageOf("/app/"), Samples.UsageOf(""));
        Assert.Equal("Prefix                                                   Keys    Size Share", lines[1]);
        Assert.StartsWith("(no prefix) ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_without_bytes_leave_the_size_empty()
    {
        string[] lines = Lines(80, Samples.Usage("pods", "default") with { Bytes = null, KeyCount = 12_345_678 });
        Assert.Equal("pods                             default             12345678         █░░░  43%", lines[^1]);
    }

    [Fact]
    public void Exact_sizes_have_no_tilde()
    {
        using var shell = new Shell(width: 80);
        EtcdSpaceUsage exact = Samples.Usage("pods", "default") with { BytesAreExact = true };
        Assert.Contains(" 250,000  430 MB ", shell.Render(exact), StringComparison.Ordinal);
    }

    private static string[] Lines(int width, params object[] rows)
    {
        using var shell = new Shell(width);
        return [.. shell.Render(rows).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }
}
