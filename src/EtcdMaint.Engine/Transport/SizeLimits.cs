using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// The largest responses that are read, in bytes (in characters for text). Without a limit, a wrong or hostile server
/// or program could fill the memory of this process. Each limit is far above the sizes in real clusters.
/// </summary>
internal static class SizeLimits
{
    private const int Megabyte = 1_000_000;

    /// <summary>
    /// One gRPC message; a stream of messages has no limit. The largest message that is read is the value of one key:
    /// etcd limits it to 1.5 MiB by default and warns above 10 MiB. A snapshot comes in messages of 32 KiB.
    /// </summary>
    public const int GrpcMessage = 32 * Megabyte;

    /// <summary>A file of certificates or a key. A bundle of all public authorities has 0.3 MB.</summary>
    public const int CertificateFile = 4 * Megabyte;

    /// <summary>A metrics page, compressed and decompressed. Pages of etcd 3.4 to 3.6 have 100 to 300 KB.</summary>
    public const int MetricsPage = 16 * Megabyte;

    /// <summary>
    /// The output of a program on one of its streams. The longest output that cannot be split is the value of one key
    /// in base64, which is a third longer than the value. A credential plugin prints a few KB.
    /// </summary>
    public const int ProgramOutput = 32 * Megabyte;

    /// <summary>
    /// One response of a Kubernetes API server. Its cache returns a list of pods at once: the namespace kube-system of
    /// 5,000 nodes, the most that Kubernetes supports, with six pods of 10 KB on each node, has 300 MB.
    /// </summary>
    public const int KubernetesAnswer = 512 * Megabyte;

    /// <summary>
    /// The body with which an API server or a proxy refuses a request, or ends an exec. A Status has about 1 KB.
    /// </summary>
    public const int KubernetesStatus = Megabyte;
}
