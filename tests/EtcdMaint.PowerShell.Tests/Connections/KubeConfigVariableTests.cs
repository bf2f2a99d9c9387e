namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>
/// A relative path in <c>KUBECONFIG</c> is resolved from the current location, as kubectl at the prompt does, and not
/// from the process's own folder, which may contain a kubeconfig of another cluster. Each test uses a separate process.
/// </summary>
public sealed class KubeConfigVariableTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint");

    [Theory]
    [InlineData("(Connect-EtcdCluster -Kubernetes -NoVerify).ClusterName", "at-prompt")]
    [InlineData("Get-EtcdMember -TimeoutSeconds 2", "The API server of at-prompt cannot be reached")]
    [InlineData("Invoke-EtcdDefrag", "'at-prompt'")]
    [InlineData(
        "[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, "
            + "$null).CompletionMatches.CompletionText",
        "at-prompt"
    )]
    public async Task A_relative_path_is_resolved_from_the_current_location(string call, string expected)
    {
        string prompt = WriteConfig("at-prompt");
        string process = WriteConfig("of-process");
        string script =
            $"[Environment]::CurrentDirectory = '{process}'; $null = "
            + $"$ExecutionContext.SessionState.Path.SetLocation('{prompt}');"
            + $" Import-Module '{BuiltModule.Manifest}'; $line = 'Connect-EtcdCluster -Context '; "
            + $"$ErrorActionPreference = 'Stop'; try {{ {call} }} catch {{ \"$_\" }}";

        string line = Assert.Single(
            await Probe.RunAsync(script, 1, ("KUBECONFIG", $"no-such-file{Path.PathSeparator}config"))
        );
        Assert.Contains(expected, line);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string WriteConfig(string context)
    {
        string folder = _folder.CreateSubdirectory(context).FullName;
        File.WriteAllText(
            Path.Combine(folder, "config"),
            $$$"""
            current-context: {{{context}}}
            contexts:
            - {name: {{{context}}}, context: {cluster: c, user: u}}
            clusters:
            - {name: c, cluster: {server: "https://127.0.0.1:1"}}
            users:
            - {name: u, user: {token: t}}
            """
        );
        return folder;
    }
}
