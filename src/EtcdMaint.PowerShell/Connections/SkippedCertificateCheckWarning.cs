namespace EtcdMaint.Cmdlets;

/// <summary>The warning about a connection that does not verify the certificates of the servers.</summary>
internal static class SkippedCertificateCheckWarning
{
    public static string Of(string why) =>
        $"{why}: the certificates of the servers are not verified, so an attacker on the network can read "
        + "and change all data.";
}
