using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>The files that the variable <c>KUBECONFIG</c> of kubectl lists.</summary>
internal static class KubeConfigVariable
{
    /// <summary>
    /// Returns full paths, as kubectl would resolve them at the same prompt; empty if the variable lists no file.
    /// </summary>
    /// <param name="prompt">Resolves a relative path. It is called on the pipeline thread only.</param>
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
