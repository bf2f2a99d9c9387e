using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>The files that kubectl's variable <c>KUBECONFIG</c> lists.</summary>
internal static class KubeConfigVariable
{
    /// <summary>
    /// Full paths, as a kubectl that is started at the prompt would find them; none where the variable lists none.
    /// </summary>
    /// <param name="prompt">Asked on the pipeline thread only, and only for what is relative.</param>
    public static IReadOnlyList<string> Files(PathIntrinsics prompt) =>
        [
            .. (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(file =>
                    Path.IsPathFullyQualified(file)
                        ? file
                        : Path.GetFullPath(file, prompt.CurrentFileSystemLocation.ProviderPath)
                ),
        ];
}
