package dev.caisson.access;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Spring Security with what is needed of it: the firewall, who calls, what that opens. No request
 * is exempt from it, and there is no session, form or cookie that could stand for a key.
 */
@Configuration(proxyBeanMethods = false)
class FrontDoor {

  /** Creates the door under the name by which Boot puts it before every other filter. */
  @Bean
  FilterChainProxy springSecurityFilterChain(
      PathFirewall firewall,
      FrontDoorAnswers refusals,
      Handlers handlers,
      AdminKey admin,
      Grants grants,
      DockerNames docker,
      DockerCertificates certificates,
      ObjectProvider<RoomAdmission> admissions) {
    ExceptionTranslationFilter refusing =
        new ExceptionTranslationFilter(refusals, new NullRequestCache());
    refusing.setAccessDeniedHandler(refusals);
    FilterChainProxy door =
        new FilterChainProxy(
            new DefaultSecurityFilterChain(
                AnyRequestMatcher.INSTANCE,
                new CallerFilter(
                    admin, grants, docker, certificates, handlers, refusals, admissions),
                refusing,
                new AuthorizationFilter(new KeyOrOpen(handlers))));
    door.setFirewall(firewall);
    door.setRequestRejectedHandler(refusals);
    return door;
  }
}
