;; Signals of links in detail: place in the mailbox, one link twice, dead peers,
;; spawn-linked-to, demonitor after the end, exit! with a reason.
;; expect: (before boom after)
;; expect: (noproc #t)
;; expect: (noproc #t)
;; expect: once
;; expect: (child mine)
;; expect: clean
;; expect: (told wrong)
;; expect: (told killed)
;; expect: quiet
;; expect: (down normal)
;; expect-error: boom
(define me (self))
(define (dead)
  (let ((p (spawn (lambda () 'x))))
    (wait-for p)
    p))
;; a selective receive passes messages in front, meets the exception, and leaves
;; what is behind
(print
  (let* ((p (spawn-link (lambda () (! me 'before) (raise 'boom)))))
    (wait-for p)
    (! me 'after)
    (let* ((e (catch (lambda (e) e) (recv ('after 'too-far))))
           (first (?))
           (last (?)))
      (list first e last))))
(define (noproc-of link)
  (let ((p (dead)))
    (link p)
    (catch (lambda (e) (list (car e) (eq? (cadr e) p))) (? 60 'nothing))))
(print (noproc-of inbound-link))
(print (noproc-of full-link))
;; linking twice is one link
(let ((p (spawn (lambda () (recv ('go (raise 'again)))))))
  (inbound-link p)
  (inbound-link p)
  (! p 'go)
  (catch (lambda (e) e) (? 60 'nothing))
  (print (? 0.05 'once)))
;; exceptions of the child go to the named process, not to its parent
(let* ((watcher (spawn (lambda () (! me (catch (lambda (e) (list 'child e)) (?)))))))
  (spawn-linked-to watcher (lambda () (raise 'mine)))
  (print (?)))
;; demonitor takes back a message that has come already
(let* ((p (dead)) (ref (monitor p)))
  (demonitor ref)
  (print (? 0.02 'clean)))
(define (told-of end)
  (let ((p (spawn-link (lambda () (?)))))
    (end p)
    (catch (lambda (e) (list 'told e)) (? 60 'quiet))))
(print (told-of (lambda (p) (exit! p 'wrong))))
(print (told-of terminate!))
(print (told-of (lambda (p) (exit! p 'normal))))
;; a process that monitors and ends leaves nothing behind
(let* ((p (spawn (lambda () (recv ('go 'end)))))
       (watcher (spawn (lambda () (monitor p) 'end))))
  (wait-for watcher)
  (! p 'go)
  (print (list 'down (wait-for p))))
