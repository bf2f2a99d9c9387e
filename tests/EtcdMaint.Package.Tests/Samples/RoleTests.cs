using System.Text.RegularExpressions;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The rights in the manifests of the samples: what a port-forward needs, and no dangerous right.</summary>
public sealed partial class RoleTests
{
    [Fact]
    public void The_role_grants_both_verbs_that_a_port_forward_needs()
    {
        Match rule = ForwardRule().Match(Repository.Read("samples/kubernetes/access.yaml"));
        Assert.True(rule.Success);
        Assert.Equal(["get", "create"], Word().Matches(rule.Groups[1].Value).Select(verb => verb.Value));
    }

    /// <summary>A user with get on nodes/proxy can run commands in any container (kubernetes#136550).</summary>
    [Fact]
    public void No_sample_names_the_right_on_the_proxy_of_nodes() =>
        Assert.DoesNotContain(
            Directory.GetFiles(Repository.File("samples"), "*", SearchOption.AllDirectories),
            file =>
                Path.GetExtension(file) is ".yaml" or ".md" or ".ps1"
                && File.ReadAllText(file).Contains("nodes/proxy", StringComparison.Ordinal)
        );

    [GeneratedRegex(@"resources: \[""pods/portforward""\]\s+verbs: \[(.*)\]")]
    private static partial Regex ForwardRule();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
