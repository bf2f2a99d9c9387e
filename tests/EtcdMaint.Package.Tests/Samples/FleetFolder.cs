using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>A list of clusters and the certificates for them, as the samples for fleets find them.</summary>
internal sealed class FleetFolder : IDisposable
{
    public const string Script = "samples/fleet/maintain-fleet.ps1";

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string ListPath => System.IO.Path.Combine(Path, "clusters.csv");

    /// <summary>The folder with ca.crt, tls.crt and tls.key.</summary>
    public string CertificatePath => Folder("tls");

    /// <summary>The variables with which a pwsh finds the built module.</summary>
    public static Dictionary<string, string> Variables() =>
        new()
        {
            ["PSModulePath"] = Pwsh.ModulePath(
                System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Module, ".."))
            ),
        };

    public string Folder(string name) => _folder.Folder(name);

    public string Read(string name) => _folder.Read(name);

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public void WriteList(params IEnumerable<string> rows) =>
        Write("clusters.csv", string.Join('\n', ["ClusterName,Endpoint", .. rows]));

    public void Mount(ClusterCertificates certificates)
    {
        File.Copy(certificates.Ca, System.IO.Path.Combine(CertificatePath, "ca.crt"));
        File.Copy(certificates.Client.Certificate, System.IO.Path.Combine(CertificatePath, "tls.crt"));
        File.Copy(certificates.Client.Key, System.IO.Path.Combine(CertificatePath, "tls.key"));
    }

    public void Dispose() => _folder.Dispose();
}
