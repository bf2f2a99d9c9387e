namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>The cluster from the environment variables of etcdctl. Each test uses a separate process.</summary>
public class EnvironmentTests
{
    private static readonly (string, string) Endpoints = ("ETCDCTL_ENDPOINTS", "http://127.0.0.1:1");

    private static readonly string Import = $"Import-Module '{BuiltModule.Manifest}'";

    [Theory]
    [InlineData("Get-EtcdMember")]
    [InlineData("Invoke-EtcdDefrag")]
    public async Task The_variables_select_a_cluster_for_reading_and_for_changing(string cmdlet)
    {
        string[] lines = await Probe.RunAsync($"{Import}; {cmdlet} -TimeoutSeconds 2", 1, Endpoints);
        string error = Assert.Single(lines);
        Assert.StartsWith("ERROR ", error);
        Assert.DoesNotContain("NoConnection", error);
    }

    [Fact]
    public async Task Blank_variables_select_no_cluster() =>
        Assert.Equal(
            ["ERROR NoConnection,EtcdMaint.Cmdlets.GetEtcdMemberCommand"],
            await Probe.RunAsync($"{Import}; Get-EtcdMember", 1, ("ETCDCTL_ENDPOINTS", " "))
        );

    [Fact]
    public async Task The_default_connection_takes_precedence()
    {
        string script =
            $"{Import}; $null = Connect-EtcdCluster http://127.0.0.1:2 -NoVerify -ClusterName mine; "
            + "Get-EtcdMember -TimeoutSeconds 2 -Verbose 4>&1 | Where-Object { \"$_\" -match 'default' }";
        Assert.Contains("Using the default connection, to cluster 'mine'.", await Probe.RunAsync(script, 1, Endpoints));
    }

    [Fact]
    public async Task The_password_from_the_variables_without_TLS_gives_a_warning()
    {
        string script = $"{Import}; Get-EtcdMember -TimeoutSeconds 1 3>&1 | ForEach-Object {{ \"$_\" }}";
        string[] lines = await Probe.RunAsync(
            script,
            1,
            ("ETCDCTL_ENDPOINTS", "http://192.0.2.1:2379"),
            ("ETCDCTL_USER", "root:hidden-word")
        );
        Assert.Contains(lines, line => line.StartsWith("CredentialInClearText: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("hidden-word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Relative_certificate_paths_are_resolved_from_the_current_location()
    {
        string folder = Directory.CreateTempSubdirectory("etcdmaint").FullName;
        string script =
            $"{Import}; $null = $ExecutionContext.SessionState.Path.SetLocation('{folder}'); Get-EtcdMember "
            + "-TimeoutSeconds 2 -ErrorVariable failed; \"$failed\"";
        string[] lines = await Probe.RunAsync(script, 1, Endpoints, ("ETCDCTL_CACERT", "ca.pem"));
        Directory.Delete(folder);
        Assert.Contains(lines, line => line.Contains(Path.Combine(folder, "ca.pem"), StringComparison.Ordinal));
    }
}
