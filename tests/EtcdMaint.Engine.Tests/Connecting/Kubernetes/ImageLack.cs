namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// Recognizes from an error what the image of etcd in a real pod lacks; this is not a defect of the tested code.
/// </summary>
internal static class ImageLack
{
    /// <summary>Skips the test in that case, with the module's message as the reason.</summary>
    public static void SkipAfter(EtcdException error)
    {
        if (Find(error) is { } reason)
            Assert.Skip(reason);
    }

    public static string? Find(EtcdException error) =>
        error.ErrorId switch
        {
            "RemoteCertificateUnreadable"
                when error.Message.Contains("neither cat nor a shell", StringComparison.Ordinal) =>
                $"The image has no program that prints a file: {error.Message}",
            "EtcdctlNotFound" => $"The image has no etcdctl: {error.Message}",
            "ShellNotFound" => $"The image has no shell: {error.Message}",
            _ => null,
        };
}
