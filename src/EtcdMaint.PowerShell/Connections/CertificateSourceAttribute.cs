using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Cmdlets;

/// <summary>Accepts a certificate or key as a path, as PEM text, or as a certificate object.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CertificateSourceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return bare switch
        {
            null or "" => null!, // an empty cell of a CSV file
            CertificateSource source => source,
            X509Certificate2 certificate => CertificateSource.FromCertificate(certificate),
            FileInfo file => CertificateSource.FromFile(file.FullName),
            string text => FromText(engineIntrinsics, text),
            // The output of Get-Content.
            object[] lines when lines.All(IsText) => FromText(engineIntrinsics, string.Join('\n', lines)),
            _ => throw new ArgumentTransformationMetadataException(
                $"A certificate or key must be a path, PEM text or an X509Certificate2, not {bare.GetType().Name}."
            ),
        };
    }

    private static bool IsText(object? line) => line is string or PSObject { BaseObject: string };

    private static CertificateSource FromText(EngineIntrinsics engine, string text) =>
        text.Contains("-----BEGIN ", StringComparison.Ordinal)
            ? CertificateSource.FromPem(text)
            : CertificateSource.FromFile(engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(text));
}
